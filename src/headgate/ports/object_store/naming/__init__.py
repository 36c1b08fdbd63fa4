"""What every adapter agrees on about a key: whether it is valid, and what type its ending means."""
