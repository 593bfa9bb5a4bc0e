"""Model providers behind one Protocol: a module each, and the client that counts, retries and stops for all of them."""
