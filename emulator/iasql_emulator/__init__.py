"""A local AWS emulator: moto, with what it lacks."""
