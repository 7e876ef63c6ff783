"""The demonstration: the real programme of 2012 with illustrative amounts and results, told through the services."""
