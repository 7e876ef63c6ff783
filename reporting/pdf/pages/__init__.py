"""The pages of a funder report, a file each: what stands on them, from the snapshot to flowables."""
