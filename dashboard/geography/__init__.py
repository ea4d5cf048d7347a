"""Where things are: positions, distances, the city's outline and the files the map is drawn from."""
