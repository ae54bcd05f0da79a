/// The version that `--version` and manifests give.
public let highwaterVersion = "0.1.0"
