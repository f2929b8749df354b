"""What leaves a study for others: docs/, the README's generated parts, weights with their model card."""
