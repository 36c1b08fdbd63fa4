"""From untrusted bytes to a picture, and to what in it is the product."""
