"""Support vector machines: tables, heatmaps, trends."""
