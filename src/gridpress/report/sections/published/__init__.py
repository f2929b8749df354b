"""The published studies' cells beside their counterparts here."""
