"""Commands about Headgate itself: how it is, whether it is well, how programs talk to it."""
