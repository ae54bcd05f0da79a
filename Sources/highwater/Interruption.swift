import Files
import Foundation
import Synchronization

/// What happens on Ctrl-C, SIGTERM and SIGHUP: what is unfinished is removed, a word says how to go on, and the program
/// ends by the signal, so that its caller sees which one it was.
enum Interruption {
    private static let isUnderWay = Atomic<Bool>(false)

    /// Watches from now on. To be called before any other thread is started: each inherits that the signals are not its
    /// own. Signals that the caller had ignored, as `nohup` does, stay ignored.
    static func watch() {
        var signals = sigset_t()
        sigemptyset(&signals)
        for number in [SIGINT, SIGTERM, SIGHUP] {
            var action = sigaction()
            sigaction(number, nil, &action)
            // A disposition is a function's address, of which 1 says that the signal is ignored.
            let address = unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
            if address != 1 { sigaddset(&signals, number) }
        }
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        let watched = signals
        Thread.detachNewThread {
            var signals = watched
            var number: Int32 = 0
            guard sigwait(&signals, &number) == 0 else { return }
            end(by: number, signals)
        }
    }

    /// Does not return once the program is being ended: errors that the removal causes are not reported.
    static func waitForEnd() {
        while isUnderWay.load(ordering: .acquiring) { sleep(1) }
    }

    private static func end(by number: Int32, _ signals: sigset_t) -> Never {
        isUnderWay.store(true, ordering: .releasing)
        let message = """

            Interrupted. Earlier results are unchanged, or replaced as a whole. Run the same command again to continue.

            """
        Unfinished.drop {
            FileHandle.standardError.write(Data(message.utf8))
            signal(number, SIG_DFL)
            var own = signals
            pthread_sigmask(SIG_UNBLOCK, &own, nil)
            kill(getpid(), number)
            // By the signal the program has ended before this.
            exit(128 + number)
        }
    }
}
