import Exchange
import Numerics

/// Messages of a stretch of a path, drawn at the highest rate; lanes of lower rates leave some out.
struct WindowMessages {
    private(set) var times: [Double] = []
    private(set) var marks: [Double] = []
    private(set) var areJudged: [Bool] = []
    /// What messages bring to each stage, message after message; nil where they pass it by.
    private var visits: [StageVisit?] = []
    let chain: QueueChain

    init(chain: QueueChain, path: WindowPath, cells: Range<Int>, topRate: Double, random: inout Random) {
        self.chain = chain
        path.forEachArrival(in: cells, main: topRate, other: topRate * chain.otherRatio, random: &random) {
            time, isJudged, random in
            times.append(time)
            marks.append(random.uniform())
            areJudged.append(isJudged)
            // A judged message is a cancel at all stages or at none; which of the others come to a stage, and what they
            // are, is drawn for each.
            var rank: Double?
            for stage in chain.stages {
                guard isJudged || stage.other.map({ random.uniform() < $0.share }) ?? false else {
                    visits.append(nil)
                    continue
                }
                let classes = stage.classes(isJudged: isJudged)
                var isFirst = false
                if let first = classes.first {
                    let drawn = isJudged ? rank ?? random.uniform() : random.uniform()
                    if isJudged { rank = drawn }
                    isFirst = drawn < first.share
                }
                let service = classes.service(isFirst: isFirst, random: &random)
                visits.append(StageVisit(isFirst: isFirst, service: service))
            }
        }
    }

    /// What a message brings to a stage; nil where it passes it by.
    @inline(__always)
    func visit(_ key: Int, stage: Int) -> StageVisit? { visits[key * chain.stages.count + stage] }
}

extension QueueChain.Stage {
    /// Service by class of a stream that comes here.
    func classes(isJudged: Bool) -> QueueChain.Classes {
        if isJudged { return surroundings?.judged ?? QueueChain.Classes(first: nil, others: service) }
        return surroundings?.other ?? QueueChain.Classes(first: nil, others: other?.service ?? service)
    }
}
