"""What a detector says, made believable: one person, sides put right, doubt masked, gaps closed."""
