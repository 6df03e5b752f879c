"""Printable sheets of QR cards: what a format holds, how a symbol is made, how a page is drawn."""
