"""What a stream is made of: a triangle of noise that rolls over a window that slides."""
