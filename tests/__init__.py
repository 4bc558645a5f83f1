"""What no addon proves alone: over HTTP against a served K20, or on the checkout itself. Run by `./k20 test`."""
