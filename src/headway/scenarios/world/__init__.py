"""The world as evidence shows it: history, initial state and drivers of the modelled countries, labelled."""

from headway.scenarios.world.build import World, build_world

__all__ = ["World", "build_world"]
