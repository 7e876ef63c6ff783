"""The specification, room by room; a package so that `-p tests.plugin` finds this one and no other."""
