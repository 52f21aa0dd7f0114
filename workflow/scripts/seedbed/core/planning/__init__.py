"""From the config to the plan: schema, parameters, claims files, digests of code."""
