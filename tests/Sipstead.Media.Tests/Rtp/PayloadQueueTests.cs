using CsCheck;
using Sipstead.Media.Codecs;
using Sipstead.Media.Rtp;

namespace Sipstead.Media.Tests.Rtp;

/// <summary>The queue of payloads against one that keeps each in an array of its own.</summary>
public sealed class PayloadQueueTests
{
    [Fact]
    public void WhateverComesAndGoes_EachPayloadKeepsItsOctets_AndNumberAndRoomAreBounded() =>
        Gen.Select(Gen.UInt[0, 5000], Gen.Int[1, 2048], Gen.Int[0, 3]).Array[1, 400].Sample(steps =>
        {
            var queue = new PayloadQueue();
            var model = new List<(uint Timestamp, byte[] Octets)>();
            foreach (var ((timestamp, length, reads), i) in steps.Select((step, i) => (step, i)))
            {
                var octets = new byte[length];
                Array.Fill(octets, (byte)i);
                var gone = queue.Add(new WaitingPayload(timestamp, (ushort)i, AudioCodec.Pcmu, length), octets);
                model.RemoveRange(0, gone);
                model.Add((timestamp, octets));
                Assert.InRange(model.Count, 1, PayloadQueue.Capacity);
                Assert.InRange(model.Sum(known => known.Octets.Length), 1, 16 * 1024);
                for (var read = 0; read < reads && model.Count > 0; read++)
                {
                    var earliest = model.MinBy(known => known.Timestamp);
                    var place = queue.FindEarliest(0);
                    Assert.Equal(earliest.Timestamp, queue[place].Timestamp);
                    Assert.Equal(earliest.Octets, queue.OctetsOf(place).ToArray());
                    queue.Remove(place);
                    model.Remove(earliest);
                }
            }

            while (queue.FindEarliest(0) is >= 0 and var place) queue.Remove(place);
            queue.Clear();
        });
}
