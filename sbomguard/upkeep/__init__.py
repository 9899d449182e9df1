"""For those who keep policy files: what stands in them, what is wrong with them, what has changed, and lists of others brought in."""
