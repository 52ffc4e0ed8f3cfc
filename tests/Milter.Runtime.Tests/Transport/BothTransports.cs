namespace Milter.Runtime.Tests.Transport;

/// <summary>Protects bytes, ends and order where connections are carried by the loops of our own.</summary>
public sealed class ConnectionTestsOnLoops() : ConnectionTests(MilterTransport.Automatic);

/// <summary>Protects bytes, ends and order where connections are carried by the platform's sockets.</summary>
public sealed class ConnectionTestsOnSockets() : ConnectionTests(MilterTransport.Sockets);

/// <summary>Protects stopping where connections are carried by the loops of our own.</summary>
public sealed class DrainTestsOnLoops() : DrainTests(MilterTransport.Automatic);

/// <summary>Protects stopping where connections are carried by the platform's sockets.</summary>
public sealed class DrainTestsOnSockets() : DrainTests(MilterTransport.Sockets);

/// <summary>Protects time where connections are carried by the loops of our own.</summary>
public sealed class TimeTestsOnLoops() : TimeTests(MilterTransport.Automatic);

/// <summary>Protects time where connections are carried by the platform's sockets.</summary>
public sealed class TimeTestsOnSockets() : TimeTests(MilterTransport.Sockets);

/// <summary>Protects hand-over where connections are carried by the loops of our own.</summary>
public sealed class HandOverStressTestsOnLoops() : HandOverStressTests(MilterTransport.Automatic);

/// <summary>Protects hand-over where connections are carried by the platform's sockets.</summary>
public sealed class HandOverStressTestsOnSockets() : HandOverStressTests(MilterTransport.Sockets);

/// <summary>Protects isolation where connections are carried by the loops of our own.</summary>
public sealed class IsolationTestsOnLoops() : IsolationTests(MilterTransport.Automatic);

/// <summary>Protects isolation where connections are carried by the platform's sockets.</summary>
public sealed class IsolationTestsOnSockets() : IsolationTests(MilterTransport.Sockets);

/// <summary>Protects the endpoint where connections are carried by the loops of our own.</summary>
public sealed class PeerTestsOnLoops() : PeerTests(MilterTransport.Automatic);

/// <summary>Protects the endpoint where connections are carried by the platform's sockets.</summary>
public sealed class PeerTestsOnSockets() : PeerTests(MilterTransport.Sockets);

/// <summary>Protects the others where memory is scarce and connections are carried by the loops of our own.</summary>
public sealed class ShortageTestsOnLoops() : ShortageTests(MilterTransport.Automatic);

/// <summary>Protects the others where memory is scarce and connections are carried by the platform's sockets.</summary>
public sealed class ShortageTestsOnSockets() : ShortageTests(MilterTransport.Sockets);
