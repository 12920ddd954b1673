"""From the text of one file to a checked book, or to the list of all that is wrong with it."""
