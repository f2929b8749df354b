"""The chapters of the document. A section owns its tables, its figures and its words."""
