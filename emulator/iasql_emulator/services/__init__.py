"""Services that moto does not have, each a moto backend of ours."""
