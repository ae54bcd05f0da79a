import Glibc

/// Programs that users have anyway, run with fixed arguments and never through a shell.
public enum ChildProcess {
    /// Starts a tool on descriptors; 0, or the error number.
    public static func spawn(
        _ command: [String], input: Int32, output: Int32, complaints: Int32, _ process: inout pid_t
    ) -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_adddup2(&actions, complaints, 2)
        posix_spawn_file_actions_adddup2(&actions, input, 0)
        posix_spawn_file_actions_adddup2(&actions, 0, 3)
        // The bare minimum of an environment: tools read options from variables such as GZIP and UNZIP.
        let environment = ["PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C"]
        return withCStrings(command) { arguments in
            withCStrings(environment) { variables in
                posix_spawnp(&process, command[0], &actions, nil, arguments, variables)
            }
        }
    }

    private static func withCStrings<Result>(
        _ texts: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        var pointers: [UnsafeMutablePointer<CChar>?] = texts.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        return pointers.withUnsafeMutableBufferPointer { list in
            guard let base = list.baseAddress else { preconditionFailure("the list ends in nil") }
            return body(base)
        }
    }

    /// Waits for a child's end and returns its status as `waitpid` gives it, 0 for success.
    public static func wait(_ process: pid_t) -> Int32 {
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        return status
    }
}

/// Files without a name.
public enum AnonymousFile {
    /// A file for reading and writing that has no name and goes when it is closed: its descriptor; below 0 where there can be none, with the reason in `errno`.
    public static func descriptor() -> Int32 {
        var template = Array("/tmp/highwater-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        if descriptor >= 0 {
            unlink(template)
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        }
        return descriptor
    }
}
