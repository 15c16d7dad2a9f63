// The agent as a Windows service: starts it, starts it again when it ends, and puts its warnings into the event log.
// Compiled on the school's computer by setup.ps1, with the compiler that Windows has.
using System;
using System.Diagnostics;
using System.IO;
using System.ServiceProcess;
using System.Threading;

public class DltvAgent : ServiceBase
{
    const int AgainAfterMs = 5000;
    readonly ManualResetEvent stopping = new ManualResetEvent(false);
    Thread keeper;
    Process agent;

    public DltvAgent()
    {
        ServiceName = "dltv-agent";
        CanShutdown = true;
    }

    public static void Main()
    {
        ServiceBase.Run(new DltvAgent());
    }

    protected override void OnStart(string[] arguments)
    {
        keeper = new Thread(Keep);
        keeper.Start();
    }

    protected override void OnStop()
    {
        stopping.Set();
        Process running = agent;
        try
        {
            // Windows has no polite signal for it; its journal is made for power cuts.
            if (running != null && !running.HasExited) { running.Kill(); }
        }
        catch (InvalidOperationException) { }
        keeper.Join(10000);
    }

    protected override void OnShutdown()
    {
        OnStop();
    }

    void Keep()
    {
        do
        {
            try
            {
                Run();
            }
            catch (Exception error)
            {
                EventLog.WriteEntry("the agent cannot be started: " + error.Message, EventLogEntryType.Error);
            }
        }
        while (!stopping.WaitOne(AgainAfterMs));
    }

    void Run()
    {
        string programs = Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles);
        string data = Environment.GetFolderPath(Environment.SpecialFolder.CommonApplicationData);
        string config = Path.Combine(data, @"dltv-agent\settings\agent.toml");
        ProcessStartInfo how = new ProcessStartInfo();
        how.FileName = Path.Combine(programs, @"dltv-agent\current\Scripts\python.exe");
        how.Arguments = "-m agent run --config \"" + config + "\"";
        how.UseShellExecute = false;
        how.RedirectStandardError = true;
        how.CreateNoWindow = true;
        using (agent = Process.Start(how))
        {
            string line;
            while ((line = agent.StandardError.ReadLine()) != null)
            {
                if (line.Contains(" ERROR ")) { EventLog.WriteEntry(line, EventLogEntryType.Error); }
                else if (line.Contains(" WARNING ")) { EventLog.WriteEntry(line, EventLogEntryType.Warning); }
            }
            agent.WaitForExit();
        }
        agent = null;
    }
}
