"""What the project needs of others, fetched from the registries: called by make."""
