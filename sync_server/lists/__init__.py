"""Reads lists that offices keep in files: sheets of cells, what their columns are, which rows are households."""
