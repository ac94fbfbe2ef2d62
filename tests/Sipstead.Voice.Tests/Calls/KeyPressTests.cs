using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Sipstead.Voice.Calls;
using Sipstead.Voice.Tests.Harness;

namespace Sipstead.Voice.Tests.Calls;

/// <summary>Key presses that come by SIP INFO, alone or beside telephone-event (docs/calls.md, Key presses).</summary>
public sealed class KeyPressTests : VoiceTest
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task MED_07_KeysByInfo_AreGathered()
    {
        var alice = Voice.AddPhone();
        var (_, invite) = await Voice.EstablishAsync(
            alice, "<Response><Gather gatherUrl=\"/digits\" maxDigits=\"3\" firstDigitTimeout=\"60\" interDigitTimeout=\"60\"/></Response>");
        alice.SendInDialog(invite, "INFO", "Signal=4\r\nDuration=160\r\n", "Content-Type: application/dtmf-relay\r\n");
        alice.SendInDialog(invite, "INFO", "*", "Content-Type: application/dtmf\r\n");
        alice.SendInDialog(invite, "INFO", "Signal=11", "Content-Type: application/dtmf-relay\r\n");
        Assert.Equal("4*#", (await Voice.ExpectAsync("gather"))["digits"]);
    }

    [Theory]
    [InlineData("M1 I1 M2 I2 M2 I2", "122")]
    [InlineData("I1 M1 I2 M2", "12")]
    [InlineData("I1 I2 I3 M1 M2 M3", "123")]
    [InlineData("M1 M1 I1 I1", "11")]
    [InlineData("M1 M2 M1", "121")]
    [InlineData("I1 I1 I1", "111")]
    [InlineData("M1 I1 I2 M2", "12")]
    public void MED_07_PressToldTwice_IsOne(string told, string heard) => Assert.Equal(heard, Hear(told.Split(' ')));

    [Fact]
    public void MED_07_PressBySecondPath_LongAfter_IsAnother()
    {
        var presses = new KeyPresses(_time);
        Assert.True(presses.IsNew(KeyPath.Media, '1'));
        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.True(presses.IsNew(KeyPath.Info, '1'));
    }

    [Fact]
    public void MED_07_DeviceThatTellsEachPressTwice_IsHeardOnce_InWhateverOrder() =>
        Gen.Select(Gen.Char["0123456789*#"].Array[1, 20], Gen.Int[0, 5], Gen.Bool).Sample((keys, lag, infoFirst) =>
        {
            // The slower path is so many presses behind the other.
            var (fast, slow) = infoFirst ? ('I', 'M') : ('M', 'I');
            var told = new List<string>();
            for (var i = 0; i < keys.Length + lag; i++)
            {
                if (i < keys.Length) told.Add($"{fast}{keys[i]}");
                if (i >= lag) told.Add($"{slow}{keys[i - lag]}");
            }

            return lag == 0 || !infoFirst ? Hear(told) == new string(keys) : Sorted(Hear(told)) == Sorted(new string(keys));
        });

    [Fact]
    public void MED_07_PressesThatWaitForTheirDouble_AreBounded()
    {
        var presses = new KeyPresses(_time);
        for (var i = 0; i < 10_000; i++) Assert.True(presses.IsNew(KeyPath.Media, '1'));
    }

    private static string Sorted(string text) => string.Concat(text.Order());

    private string Hear(IEnumerable<string> told)
    {
        var presses = new KeyPresses(_time);
        return string.Concat(told.Where(press => presses.IsNew(press[0] == 'M' ? KeyPath.Media : KeyPath.Info, press[1])).Select(press => press[1]));
    }
}
