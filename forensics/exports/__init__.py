"""A case in the vocabularies of others: schema.org, W3C PROV, CASE/UCO."""
