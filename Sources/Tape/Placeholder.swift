// Holds the place until this module's first file lands.
