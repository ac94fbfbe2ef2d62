using System.Globalization;
using Sipstead.CallLoad;

// Creates calls at a rate, answers their webhooks, and tells how they went. Exit code 0: every call was answered and hung up.
if (args.Length < 8)
{
    Console.Error.WriteLine("usage: callload RATE SECONDS WEBHOOK-PORT SERVER-URL ACCOUNT USER:PASSWORD APPLICATION TO [TO ...]");
    return 2;
}

var load = new Load(
    double.Parse(args[0], CultureInfo.InvariantCulture), TimeSpan.FromSeconds(int.Parse(args[1], CultureInfo.InvariantCulture)),
    int.Parse(args[2], CultureInfo.InvariantCulture), new Uri(args[3]), args[4], args[5], args[6], args[7..]);
return await load.RunAsync() ? 0 : 1;
