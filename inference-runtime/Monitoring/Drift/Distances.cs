namespace Sluice.Monitoring.Drift;

/// <summary>Distances of two histograms with the same cells, given as counts. Without rows on one side they are 0.</summary>
public static class Distances
{
    /// <summary>Stands for the share of an empty cell, whose logarithm would be endless.</summary>
    private const double Floor = 0.0001;

    /// <summary>Rows to be expected in a cell for chi² to follow its law; smaller cells are taken together.</summary>
    private const double Sparse = 5;

    public static double Psi(ReadOnlySpan<long> baseline, ReadOnlySpan<long> current)
    {
        double ofBaseline = Sum(baseline), ofCurrent = Sum(current), psi = 0;
        if (ofBaseline == 0 || ofCurrent == 0)
            return 0;
        for (var i = 0; i < baseline.Length; i++)
        {
            if (baseline[i] == 0 && current[i] == 0)
                continue;
            var was = Math.Max(baseline[i] / ofBaseline, Floor);
            var now = Math.Max(current[i] / ofCurrent, Floor);
            psi += (now - was) * Math.Log(now / was);
        }
        return psi;
    }

    public static double JensenShannon(ReadOnlySpan<long> baseline, ReadOnlySpan<long> current)
    {
        double ofBaseline = Sum(baseline), ofCurrent = Sum(current), divergence = 0;
        if (ofBaseline == 0 || ofCurrent == 0)
            return 0;
        for (var i = 0; i < baseline.Length; i++)
        {
            double was = baseline[i] / ofBaseline, now = current[i] / ofCurrent, middle = (was + now) / 2;
            divergence += Term(was, middle) + Term(now, middle);
        }
        return Math.Sqrt(Math.Max(0, divergence / 2));
    }

    /// <summary>On the cells: the difference between is seen at the edges only, so it is never more than that of the rows.</summary>
    public static double KolmogorovSmirnov(ReadOnlySpan<long> baseline, ReadOnlySpan<long> current)
    {
        double ofBaseline = Sum(baseline), ofCurrent = Sum(current), most = 0;
        if (ofBaseline == 0 || ofCurrent == 0)
            return 0;
        long was = 0, now = 0;
        for (var i = 0; i < baseline.Length; i++)
        {
            was += baseline[i];
            now += current[i];
            most = Math.Max(most, Math.Abs((was / ofBaseline) - (now / ofCurrent)));
        }
        return most;
    }

    /// <summary>Pearson's statistic of the table of two rows, without correction.</summary>
    /// <returns>The statistic, and cells less one; 0 and 0 when no two cells have enough rows.</returns>
    public static (double Statistic, int Freedom) ChiSquare(ReadOnlySpan<long> baseline, ReadOnlySpan<long> current)
    {
        double ofBaseline = Sum(baseline), ofCurrent = Sum(current);
        if (ofBaseline == 0 || ofCurrent == 0)
            return (0, 0);
        var smaller = Math.Min(ofBaseline, ofCurrent) / (ofBaseline + ofCurrent);
        double statistic = 0, restWas = 0, restNow = 0;
        var cells = 0;
        for (var i = 0; i < baseline.Length; i++)
        {
            if ((baseline[i] + current[i]) * smaller < Sparse)
            {
                (restWas, restNow) = (restWas + baseline[i], restNow + current[i]);
                continue;
            }
            statistic += Cell(baseline[i], current[i], ofBaseline, ofCurrent);
            cells++;
        }
        if (restWas + restNow > 0)
        {
            statistic += Cell(restWas, restNow, ofBaseline, ofCurrent);
            cells++;
        }
        return cells > 1 ? (statistic, cells - 1) : (0, 0);
    }

    /// <summary>See <see cref="DriftMethod.ChiSquare"/>.</summary>
    public static double ChiSquareEffect(double statistic, double baselineRows, double currentRows) =>
        baselineRows > 0 && currentRows > 0 ? Math.Sqrt(statistic * ((1 / baselineRows) + (1 / currentRows))) / 2 : 0;

    private static double Cell(double was, double now, double ofBaseline, double ofCurrent)
    {
        var share = (was + now) / (ofBaseline + ofCurrent);
        double a = was - (share * ofBaseline), b = now - (share * ofCurrent);
        return (a * a / (share * ofBaseline)) + (b * b / (share * ofCurrent));
    }

    private static double Term(double share, double middle) => share > 0 ? share * Math.Log(share / middle) : 0;

    private static long Sum(ReadOnlySpan<long> counts)
    {
        long sum = 0;
        foreach (var count in counts)
            sum += count;
        return sum;
    }
}
