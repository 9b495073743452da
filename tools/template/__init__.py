"""The language of templates/*.html: parse.py reads it, check.py refuses what is unsafe or unclear, write.py turns it into C."""
