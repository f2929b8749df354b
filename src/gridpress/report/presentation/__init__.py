"""How the report looks: tables, figures, words and numbers, without knowing what they are about."""
