"""The only writers of what is collected at the door; each module has one topic."""
