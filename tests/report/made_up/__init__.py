"""Made-up records that a study could have."""
