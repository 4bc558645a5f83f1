"""The launcher behind ./k20: Python's standard library only, one module a concern (docs/architecture.md)."""
