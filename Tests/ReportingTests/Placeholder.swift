// Holds the place until this suite's first file lands.
