"""What this study cannot show."""
