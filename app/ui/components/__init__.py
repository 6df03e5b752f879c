"""Parts of screens: plain functions from values to controls, and a few components with state of their own."""
