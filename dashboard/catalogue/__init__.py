"""The catalogue: everything a city says about itself, read from YAML and checked."""

from dashboard.catalogue.city import Catalogue, Problem
from dashboard.catalogue.datasets import Dataset
from dashboard.catalogue.departments import Department
from dashboard.catalogue.indicators import Indicator

__all__ = ["Catalogue", "Dataset", "Department", "Indicator", "Problem"]
