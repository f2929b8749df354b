"""What validation selected: per dataset and family, against one another, against their cost."""
