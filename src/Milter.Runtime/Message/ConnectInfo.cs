#pragma warning disable
using Milter.Message;using Milter.Protocol;
namespace Milter;public sealed class ConnectInfo{public System.Net.IPAddress? Address=>null;public static ConnectInfo Unknown=new();public void Set(ConnectPayload p){}public void Clear(){} public int Port=>0;public string HostName=>"";public bool IsLocal=>false;public ClientFamily Family=>default;}