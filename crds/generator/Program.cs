using Sluice.Crds;

// Development tool: writes the custom resource definitions and the pages on them, or says which are out of date.
return args switch
{
    ["write", var root] => Files.Write(root, Console.Out),
    ["check", var root] => Files.Check(root, Console.Error),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: sluice-crds write|check ROOT     (ROOT is the checkout)");
    return 2;
}
