"""The work behind the tabs: a function that the page and programs call, and what it does with files."""
