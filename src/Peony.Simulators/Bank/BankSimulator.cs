namespace Peony.Simulators.Bank;

/// <summary>
/// The bank's books in memory. An order is known by its end-to-end id for ever: the same order again is answered with its state, another order under the same id is rejected
/// as a duplicate (AM05). What is to happen later is decided when the order comes in, from the faults switched on then, and happens by the simulators' clock.
/// </summary>
internal sealed class BankSimulator(SimulatorClock clock, SimulatorOptions options, BankReports reports)
{
    private const string ClosedAccount = "AC04";
    private const string Duplicate = "AM05";

    private readonly Lock _lock = new();
    private readonly Dictionary<string, BankOrder> _orders = new(StringComparer.Ordinal);
    private volatile BankFaults _faults = new();

    public BankFaults Faults
    {
        get => _faults;
        set => _faults = value;
    }

    /// <summary>When the next thing happens by itself, or null.</summary>
    public DateTimeOffset? NextDue
    {
        get
        {
            lock (_lock)
            {
                return _orders.Values.Where(order => order.Future.Count > 0).Select(order => (DateTimeOffset?)order.Future.Peek().At).Min();
            }
        }
    }

    /// <summary>Takes an order and answers with its status; a repeated order is not carried out again.</summary>
    public BankStatus Take(BankInstruction instruction)
    {
        Step();
        var now = clock.Now;
        lock (_lock)
        {
            if (_orders.TryGetValue(instruction.EndToEndId, out var known))
            {
                known.TimesReceived++;
                return known.Instruction == instruction ? known.Current : new BankStatus(Status.Rejected, Duplicate, now);
            }

            var order = new BankOrder(instruction);
            _orders.Add(instruction.EndToEndId, order);
            Plan(order, now);
            return order.Current;
        }
    }

    /// <summary>The order of an end-to-end id as it stands now, or null when the bank does not know it.</summary>
    public (BankInstruction Instruction, BankStatus Status)? Find(string endToEndId)
    {
        Step();
        lock (_lock)
        {
            return _orders.TryGetValue(endToEndId, out var order) ? (order.Instruction, order.Current) : null;
        }
    }

    /// <summary>Lets everything happen that is due by now, each at its own time, and reports it.</summary>
    public void Step()
    {
        var now = clock.Now;
        var faults = _faults;
        lock (_lock)
        {
            while (Earliest(now) is { } order)
            {
                var status = order.Future.Dequeue();
                var before = order.Current;
                order.History.Add(status);
                Report(order.Instruction, before, status, faults);
            }
        }
    }

    public IReadOnlyList<BankOrderView> Orders()
    {
        lock (_lock)
        {
            return [.. _orders.Values.Select(order => new BankOrderView(order.Instruction.EndToEndId, order.Instruction.Direction, order.Instruction.Amount, order.Instruction.Currency,
                order.Instruction.PartyAccount[^Math.Min(4, order.Instruction.PartyAccount.Length)..], order.Current.Code, order.Current.Reason, order.TimesReceived, [.. order.History],
                order.Future.TryPeek(out var next) ? next.At : null))];
        }
    }

    public void Reset()
    {
        lock (_lock)
        {
            _orders.Clear();
            _faults = new BankFaults();
        }
    }

    private void Plan(BankOrder order, DateTimeOffset now)
    {
        var faults = _faults;
        var reason = faults.Reason ?? ClosedAccount;
        if (faults.Reject is { } code)
        {
            order.History.Add(new BankStatus(Status.Rejected, code, now));
            return;
        }

        order.History.Add(new BankStatus(Status.Accepted, null, now));
        if (faults.LateReject is { } late)
        {
            order.Future.Enqueue(new BankStatus(Status.Rejected, reason, now + late));
            return;
        }

        var settledAt = now + (faults.SettleAfter ?? options.SettleAfter);
        order.Future.Enqueue(new BankStatus(Status.Settled, null, settledAt));
        if (faults.ReturnAfter is { } later)
        {
            order.Future.Enqueue(new BankStatus(Status.Rejected, reason, settledAt + later));
        }
    }

    private BankOrder? Earliest(DateTimeOffset now) =>
        _orders.Values.Where(order => order.Future.TryPeek(out var next) && next.At <= now).MinBy(order => order.Future.Peek().At);

    private void Report(BankInstruction instruction, BankStatus before, BankStatus status, BankFaults faults)
    {
        if (faults.NoReports)
        {
            return;
        }

        reports.Add(StatusReport.Write(instruction, status));
        if (faults.DuplicateAck)
        {
            reports.Add(StatusReport.Write(instruction, status));
        }

        if (faults.OutOfOrder)
        {
            reports.Add(StatusReport.Write(instruction, before));
        }
    }
}
