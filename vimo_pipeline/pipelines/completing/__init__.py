"""What completion is made of: what is known is filmed, kept, met and blended."""
