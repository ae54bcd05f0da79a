extension Catalogue {
    /// The text of the catalogue that is built in, a JSON file with comments (`Datasets/catalogues`).
    public static var standardText: [UInt8] { PackageResources.catalogue_json }
}
