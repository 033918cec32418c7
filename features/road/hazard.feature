Feature: A hole in the road
  Whoever finds it warns on the same day, the owner of the road hears of it on the next working day,
  and it counts as mended when somebody has looked.

  Background:
    Given it is Monday 30 September 2024, 10:00

  Rule: forward - the road owner hears of a hazard within one working day
    Scenario: Before the National Day week
      When Wang confirms a hole in the road
      Then the deadline "To the road owner" is Tuesday 8 October 2024

    Scenario: Forwarded
      Given Wang has confirmed a hole in the road
      And Wang has put up cones
      When Ding forwards it to the county road office
      Then the case is "With the road owner"
      And the road owner has the "Notice of a road hazard"

  Rule: warning - a temporary warning stands on the same day
    Scenario: The day it was found
      When Wang confirms a hole in the road
      Then the deadline "Temporary warning" is Monday 30 September 2024

    Scenario: Nobody warned
      Given Wang has confirmed a hole in the road
      When it becomes Tuesday 1 October 2024, 00:01
      Then the deadline "Temporary warning" is late
      And Ou and Chen are reminded of "Temporary warning"

  Rule: warned - where life is in danger there is a warning first
    Scenario: A broken bridge
      Given Wang has confirmed a broken bridge that endangers life
      When Ding forwards it to the county road office
      Then it is refused under "warned"

  Rule: verify - a repair is believed when it was seen
    Scenario: Mended
      Given the road owner says that the hole Wang found is mended
      When Wang looks and finds it mended
      Then the case is "Recorded, to be checked"

    Scenario: Not mended
      Given the road owner says that the hole Wang found is mended
      When Wang looks and finds it open
      Then the case is "With the road owner"
      And the road owner has the "Notice of a road hazard"

  Rule: other_eyes - who did the work does not check it
    Scenario: The finder closes it himself
      Given the road owner says that the hole Wang found is mended
      And Wang has looked and found it mended
      When Ding checks it and closes it
      Then the case is closed as "Repaired and seen"
      And it counts as substantive

  Rule: no_fine - auxiliaries and volunteers persuade; only the traffic police may fine
    Scenario: A rider without a helmet
      Given Wang is on duty at the crossing
      When Wang persuades a rider and takes 20 yuan
      Then it is refused under "no_fine"

  Rule: no_blame - who is to blame is found by the traffic police
    Scenario: Two tractors
      Given Wang is on duty at the crossing
      When Wang comes upon an accident and names who is to blame
      Then it is refused under "no_blame"

    Scenario: Handed over at once
      Given Wang is on duty at the crossing
      When Wang comes upon an accident and calls 122
      Then the case is "At an accident, to be handed over"
      And the deadline "Handover" is Monday 30 September 2024, 10:30
