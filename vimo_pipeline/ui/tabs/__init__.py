"""What the page shows: a tab a file, and what tabs are made of."""
