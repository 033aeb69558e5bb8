"""`POST /chat`: a request that needs no SDK, and its answer in the form asked for."""
