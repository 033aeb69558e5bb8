"""What the tests of deploy/ build its manifests with, and hold them against."""
